import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

/**
 * An exporter with at most `limit` exports under way: one more fails at once. Its end waits for those under way.
 *
 * The span processor means to have one under way at a time, but each that fails lets it begin one more beside the others,
 * and it ends without those under way. Not every exporter has a limit of its own, or waits.
 */
export function boundedExporter(exporter: SpanExporter, limit: number): SpanExporter {
  const underWay = new Set<Promise<void>>();
  return {
    export: (spans, done) => {
      if (underWay.size >= limit) {
        done({ code: ExportResultCode.FAILED, error: new Error(`${limit} exports are under way`) });
        return;
      }
      const over = new Promise<void>((resolve) => {
        exporter.export(spans, (result) => {
          resolve();
          done(result);
        });
      });
      underWay.add(over);
      void over.then(() => underWay.delete(over));
    },
    shutdown: async () => {
      await Promise.all(underWay);
      await exporter.shutdown();
    },
  };
}
