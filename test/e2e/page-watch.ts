import type { BrowserContext, Response } from 'playwright-core';

/** Collects the problems that a browser reports. */
export type PageWatch = {
  /**
   * Errors and warnings of the console, including violations of the Content-Security-Policy; uncaught errors; failed
   * requests; requests to another origin; files with an error status.
   */
  readonly complaints: () => string[];
};

/** Watches every page of a browser context from now on. Requests to other origins than these are complaints. */
export function watchPages(context: BrowserContext, origins: readonly string[]): PageWatch {
  const complaints: { readonly url: string; readonly text: string }[] = [];
  const documents = new Set<string>();
  const complain = (url: string, text: string): void => {
    complaints.push({ url, text });
  };
  context.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    if (isComplaint) complain(message.location().url, `console: ${message.text()}`);
  });
  context.on('weberror', (error) => complain('', `uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    if (!origins.includes(new URL(request.url()).origin)) complain(request.url(), 'request to another origin');
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'for no known reason';
    // The browser aborts requests for files of a page when the next page is opened.
    if (!request.isNavigationRequest() && reason === 'net::ERR_ABORTED') return;
    complain(request.url(), `request failed: ${request.method()} ${reason}`);
  });
  context.on('response', (response) => {
    if (isDocument(response)) documents.add(response.url());
    else if (response.status() >= 400) complain(response.url(), `answered ${response.status()}`);
  });
  return {
    complaints: () =>
      complaints
        // Chromium logs the status of pages with 404 or 422. The tests assert those statuses themselves.
        .filter(({ url, text }) => !(documents.has(url) && text.startsWith('console: Failed to load resource')))
        .map(({ url, text }) => `${text} (${url})`),
  };
}

/** True for the response of a page itself, false for a file of a page. */
export function isDocument(response: Response): boolean {
  return response.request().isNavigationRequest();
}
