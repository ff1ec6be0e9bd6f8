import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

/**
 * Limits an exporter to `limit` exports in flight: one more fails immediately. Its shutdown waits for those in flight.
 *
 * BatchSpanProcessor starts another export after each failed one, also while earlier ones are in flight, and does not wait for
 * them at shutdown. Not every exporter limits its exports or waits for them.
 */
export function boundedExporter(exporter: SpanExporter, limit: number): SpanExporter {
  const inFlight = new Set<Promise<void>>();
  return {
    export: (spans, done) => {
      if (inFlight.size >= limit) {
        done({ code: ExportResultCode.FAILED, error: new Error(`${limit} exports are in flight`) });
        return;
      }
      const ended = new Promise<void>((resolve) => {
        exporter.export(spans, (result) => {
          resolve();
          done(result);
        });
      });
      inFlight.add(ended);
      void ended.then(() => inFlight.delete(ended));
    },
    shutdown: async () => {
      await Promise.all(inFlight);
      await exporter.shutdown();
    },
  };
}
