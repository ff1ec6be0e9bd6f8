import type { BrowserContext, Response } from 'playwright-core';

/** Collects the problems that a browser reports. */
export type PageWatch = {
  /**
   * Errors and warnings of the console, including violations of the Content-Security-Policy; uncaught errors; failed
   * requests; requests to another origin; files with an error status.
   */
  readonly problems: () => string[];
  /** Forgets the problems so far. */
  readonly clear: () => void;
};

/** Watches every page of a browser context from now on. Requests to other origins than these are problems. */
export function watchPages(context: BrowserContext, origins: readonly string[]): PageWatch {
  const problems: { readonly url: string; readonly text: string }[] = [];
  const documents = new Set<string>();
  const add = (url: string, text: string): void => {
    problems.push({ url, text });
  };
  context.on('console', (message) => {
    const isProblem = message.type() === 'error' || message.type() === 'warning';
    if (isProblem) add(message.location().url, `console: ${message.text()}`);
  });
  context.on('weberror', (error) => add('', `uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    if (!origins.includes(new URL(request.url()).origin)) add(request.url(), 'request to another origin');
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown reason';
    // The browser aborts requests for files of a page when the next page is opened.
    if (!request.isNavigationRequest() && reason === 'net::ERR_ABORTED') return;
    add(request.url(), `request failed: ${request.method()} ${reason}`);
  });
  context.on('response', (response) => {
    if (isDocument(response)) documents.add(response.url());
    else if (response.status() >= 400) add(response.url(), `answered ${response.status()}`);
  });
  return {
    problems: () =>
      problems
        // Chromium logs the status of pages with 404 or 422. The tests assert those statuses themselves.
        .filter(({ url, text }) => !(documents.has(url) && text.startsWith('console: Failed to load resource')))
        .map(({ url, text }) => `${text} (${url})`),
    clear: () => {
      problems.length = 0;
    },
  };
}

/** True for the response of a page itself, false for a file of a page. */
export function isDocument(response: Response): boolean {
  return response.request().isNavigationRequest();
}
