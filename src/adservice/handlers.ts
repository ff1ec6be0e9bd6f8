import type { AdServiceService } from '../genproto/hipstershop/ad.ts';
import { requireAtMost, requireText } from '../lib/fields.ts';
import type { Handlers } from '../lib/grpc/server.ts';
import { chooseAds } from './ads.ts';

const MAX_CONTEXT_KEYS = 100;

/** The RPCs of the ad service. */
export function adHandlers(deps: { randomBelow: (limit: number) => number }): Handlers<AdServiceService> {
  return {
    getAds: async (request) => {
      const contextKeys = requireAtMost('context_keys', request.contextKeys, MAX_CONTEXT_KEYS).map((key, index) =>
        requireText(`context_keys[${index}]`, key, { min: 0, max: 128 }),
      );
      const ads = chooseAds(contextKeys, deps.randomBelow);
      return { ads: ads.map(({ productId, text }) => ({ redirectUrl: `/product/${productId}`, text })) };
    },
  };
}
