import { MAX_BATCH, MAX_ID_LENGTH } from '../domain/limits.ts';
import type { AdServiceDefinition } from '../genproto/hipstershop/ad.ts';
import { requireAtMost, requireText } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { chooseAds } from './ads.ts';

/** The RPCs of the ad service. */
export function adHandlers(deps: { randomBelow: (limit: number) => number }): Handlers<AdServiceDefinition> {
  return {
    getAds: async (request) => {
      const contextKeys = requireAtMost('context_keys', request.contextKeys, MAX_BATCH).map((key, index) =>
        requireText(`context_keys[${index}]`, key, { min: 0, max: MAX_ID_LENGTH }),
      );
      const ads = chooseAds(contextKeys, deps.randomBelow);
      return { ads: ads.map(({ productId, text }) => ({ redirectUrl: `/product/${productId}`, text })) };
    },
  };
}
