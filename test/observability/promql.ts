/** One condition on a label. */
export type Matcher = { readonly label: string; readonly operator: '=' | '!=' | '=~' | '!~'; readonly value: string };

/** A metric that a query reads. */
export type Selector = { readonly metric: string; readonly matchers: readonly Matcher[] };

/** What a query is made of, as far as names go. */
export type Names = {
  readonly selectors: readonly Selector[];
  /** Labels that results are grouped or matched by. */
  readonly groupedBy: readonly string[];
};

const WINDOW = /\[(?:\$\w+|\d+[a-z][\w:]*)\]/g;
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([\w\s,]*)\)/g;
// A name, and its matchers; or a name that a parenthesis follows, which is a function's.
const NAME = /(?<![\w.])([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\}|(\())?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")/g;
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** The names in a PromQL expression. It need not be right otherwise: promtool and Prometheus see to that. */
export function namesIn(expr: string): Names {
  const withoutWindows = expr.replaceAll(WINDOW, '');
  const groupedBy = [...withoutWindows.matchAll(GROUPING)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  const operands = withoutWindows.replaceAll(GROUPING, '');
  const selectors = [...operands.matchAll(NAME)].flatMap(([, metric = '', matchers = '', parenthesis]) =>
    parenthesis !== undefined || WORDS.has(metric) ? [] : [{ metric, matchers: matchersIn(matchers) }],
  );
  return { selectors, groupedBy };
}

function matchersIn(text: string): Matcher[] {
  return [...text.matchAll(MATCHER)].map(([, label = '', operator, quoted = '""']) => ({
    label,
    operator: operator as Matcher['operator'],
    value: JSON.parse(quoted) as string,
  }));
}
