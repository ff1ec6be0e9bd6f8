/** One series at one moment, as a service exposes it. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The trace that its exemplar names; `undefined` without one. */
  readonly traceId: string | undefined;
};

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)(?: # \{(.*)\} .*)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus text or OpenMetrics; whatever is no sample is passed over. */
export function readExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = line.startsWith('#') ? null : LINE.exec(line);
    if (match === null) return [];
    const [, name = '', labels = '', value = '', exemplar = ''] = match;
    return [{ name, labels: readLabels(labels), value: numberOf(value), traceId: readLabels(exemplar).trace_id }];
  });
}

function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value.replace(/\\(.)/g, unescaped)]),
  );
}

function unescaped(_all: string, character: string): string {
  return character === 'n' ? '\n' : character;
}

function numberOf(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}
