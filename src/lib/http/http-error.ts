/** A request that a server refuses. The error handler chooses the form of the response; the message is sent to the client. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** 400 to 499. Fastify's own errors have a property of this name too. */
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}
