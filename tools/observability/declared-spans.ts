import { redisSpan } from '../../src/cartservice/redis-attempts.ts';
import { outboxSpan, recoverySpan, releaseSpan } from '../../src/checkoutservice/spans.ts';
import { mailSpan } from '../../src/emailservice/mail-sender.traced.ts';
import { rpcClientSpan, rpcServerSpan } from '../../src/lib/grpc/spans.ts';
import { httpServerSpan } from '../../src/lib/http/trace-requests.ts';
import type { DeclaredSpan } from '../../src/lib/telemetry/span-declaration.ts';
import { loadPageSpan } from '../../src/loadgenerator/storefront-client.ts';
import type { Writer } from './writers.ts';

/** A kind of span, and the services that start it. */
export type StartedSpan = { readonly by: Writer; readonly span: DeclaredSpan };

/** Every kind of span. */
export const declaredSpans: readonly StartedSpan[] = [
  { by: 'frontend', span: httpServerSpan },
  { by: 'gRPC clients', span: rpcClientSpan },
  { by: 'gRPC servers', span: rpcServerSpan },
  { by: 'cartservice', span: redisSpan },
  { by: 'checkoutservice', span: outboxSpan },
  { by: 'checkoutservice', span: recoverySpan },
  { by: 'checkoutservice', span: releaseSpan },
  { by: 'emailservice', span: mailSpan },
  { by: 'loadgenerator', span: loadPageSpan },
];
