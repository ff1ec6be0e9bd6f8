import type { Page } from 'playwright-core';

/** Adds products to the cart of the page's session, by product id, without opening a page. */
export async function addToCart(page: Page, url: string, quantities: Readonly<Record<string, number>>): Promise<void> {
  for (const [productId, quantity] of Object.entries(quantities)) {
    const form = { product_id: productId, quantity };
    const response = await page.request.post(`${url}/cart`, { form, maxRedirects: 0 });
    if (response.status() !== 303) throw new Error(`adding ${productId} to the cart answered ${response.status()}`);
  }
}
