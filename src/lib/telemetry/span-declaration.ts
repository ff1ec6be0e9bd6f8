import type { SpanKind } from '@opentelemetry/api';

/** An attribute of a declared span. */
export type SpanAttribute = {
  readonly name: string;
  /** Every value it can have; absent for an attribute whose values are open. */
  readonly values?: readonly string[];
  /** What the value is, for the documentation; needed where the values are open. */
  readonly about?: string;
  /** When a span lacks the attribute, for the documentation; a span always has an attribute without it. */
  readonly absent?: string;
};

/** The declaration of a kind of span, next to the code that starts it. */
export type DeclaredSpan = {
  /** What the documentation calls these spans. */
  readonly title: string;
  /** The names these spans can have; a word in angle brackets stands for one word of the name. */
  readonly names: readonly string[];
  readonly kind: SpanKind;
  readonly attributes: readonly SpanAttribute[];
};

/** Declares a kind of span. docs/observability.md is generated from these. */
export function declareSpan(span: DeclaredSpan): DeclaredSpan {
  return span;
}
