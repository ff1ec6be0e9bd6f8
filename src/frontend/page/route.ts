import type { Page } from './answer.ts';

/** A page and where it is. A GET route answers HEAD too. */
export type Route = {
  readonly method: 'GET' | 'POST';
  /** Below the base path; `:name` stands for a part of the path. */
  readonly path: string;
  readonly page: Page;
  /** How long the page may take, in milliseconds. */
  readonly budgetMs: number;
};
