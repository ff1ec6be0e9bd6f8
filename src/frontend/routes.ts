import type { Budgets } from './budgets.ts';
import type { Page } from './page/response.ts';
import type { Route } from './page/route.ts';
import { cartPage, emptyCart } from './pages/cart.tsx';
import { checkout } from './pages/checkout.ts';
import { homePage } from './pages/home.tsx';
import { orderPage } from './pages/order.tsx';
import { orderStatusPage } from './pages/order-status.tsx';
import { ordersPage } from './pages/orders.tsx';
import type { PageDeps } from './pages/page-deps.ts';
import { addToCart, productMeta, productPage } from './pages/product.tsx';
import { searchPage } from './pages/search.tsx';
import { logout, setCurrency } from './pages/session.ts';

/** Every page of the shop. */
export function routes(deps: PageDeps, { pageMs, checkoutMs }: Budgets): readonly Route[] {
  const get = (path: string, page: Page): Route => ({ method: 'GET', path, page, budgetMs: pageMs });
  const post = (path: string, page: Page, budgetMs = pageMs): Route => ({ method: 'POST', path, page, budgetMs });
  return [
    get('/', homePage(deps)),
    get('/product/:id', productPage(deps)),
    get('/search', searchPage(deps)),
    get('/cart', cartPage(deps)),
    post('/cart', addToCart(deps)),
    post('/cart/empty', emptyCart(deps)),
    post('/cart/checkout', checkout(deps), checkoutMs),
    get('/orders', ordersPage(deps)),
    get('/order/:id', orderPage(deps)),
    get('/order-status', orderStatusPage(deps, checkoutMs)),
    post('/setCurrency', setCurrency(deps)),
    get('/logout', logout()),
    get('/product-meta/:id', productMeta(deps)),
  ];
}
