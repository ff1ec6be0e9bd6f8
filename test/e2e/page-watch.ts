import type { BrowserContext, Response } from 'playwright-core';

/** Collects whatever a browser has to complain about: a shop without faults leaves it empty. */
export type PageWatch = {
  /**
   * Errors and warnings of the console, which is where violations of the Content-Security-Policy are told; uncaught
   * errors; requests that failed; requests to another origin; files that were not to be had.
   */
  readonly complaints: () => string[];
};

/** Watches every page of a shopper, from now on. The pages may ask these origins for something, and no other. */
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
    // What belongs to a page is no longer wanted by a shopper who goes on before it has come.
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
        // The console tells the status of a page that says 404 or 422 on purpose. The tests check that status themselves.
        .filter(({ url, text }) => !(documents.has(url) && text.startsWith('console: Failed to load resource')))
        .map(({ url, text }) => `${text} (${url})`),
  };
}

/** True for the answer that is a page itself, and not a part of one. */
export function isDocument(response: Response): boolean {
  return response.request().isNavigationRequest();
}
