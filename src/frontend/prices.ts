import { formatMoney, type Money, roundToMinorUnit } from '../domain/money.ts';
import type { OptionalPart } from './optional-part.ts';
import type { RequestContext } from './page/request-context.ts';
import type { PriceClient } from './peers/price-client.ts';
import type { Product } from './peers/product.ts';
import { pictureOf } from './pictures.ts';
import type { ProductCard } from './views/models.ts';

/** Amounts as they are shown: all of one currency, rounded to its minor unit. */
export type ShownAmounts = { readonly currency: string; readonly amounts: readonly Money[] };

/** Converts amounts of one currency to the shopper's; shows them as they are when that cannot be done now. */
export async function showAmounts(
  deps: { prices: Pick<PriceClient, 'convert'>; optional: OptionalPart },
  context: RequestContext,
  amounts: readonly Money[],
): Promise<ShownAmounts> {
  const converted = await deps.optional(context, 'conversion', (call) =>
    deps.prices.convert(amounts, context.currency, call),
  );
  const shown = converted ?? amounts.map(roundToMinorUnit);
  return { currency: shown[0]?.currency ?? context.currency, amounts: shown };
}

/** The amount at an index of a list that must have it. */
export function amountAt(amounts: readonly Money[], index: number): Money {
  const amount = amounts[index];
  if (amount === undefined) throw new RangeError(`no amount ${index} of ${amounts.length}`);
  return amount;
}

/** A product as it stands in a grid. */
export function productCard(product: Pick<Product, 'id' | 'name'>, price: Money): ProductCard {
  return { id: product.id, name: product.name, price: formatMoney(price), picture: pictureOf(product.id) };
}
