import type { Page } from './response.ts';

/** A page and its path. A GET route also serves HEAD. */
export type Route = {
  readonly method: 'GET' | 'POST';
  /** Below the base path; `:name` stands for a part of the path. */
  readonly path: string;
  readonly page: Page;
  /** How long the page may take, in milliseconds. */
  readonly budgetMs: number;
};
