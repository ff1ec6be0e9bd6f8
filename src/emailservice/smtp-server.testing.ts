import { createServer, type Socket } from 'node:net';

export type ReceivedMail = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

/** Replies of the server. By default it accepts everything. */
export type SmtpReplies = {
  /** False: the server accepts connections and sends nothing. */
  readonly greets?: boolean;
  /** The reply to RCPT TO. */
  readonly onRecipient?: string;
  /** Returns the reply to the content of a mail. */
  readonly onMail?: () => Promise<string>;
};

/** A minimal SMTP server (RFC 5321). */
export type TestSmtpServer = AsyncDisposable & { readonly url: string; readonly mails: readonly ReceivedMail[] };

/** Starts an SMTP server, by default on loopback at a free port. */
export async function startSmtpServer(
  replies: SmtpReplies = {},
  port = 0,
  host = '127.0.0.1',
): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    if (replies.greets !== false) converse(socket, replies, mails);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `smtp://${host}:${address.port}`,
    mails,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function converse(socket: Socket, replies: SmtpReplies, mails: ReceivedMail[]): void {
  let envelope = { from: '', to: [] as string[] };
  let unread = '';
  let isData = false;
  const send = (line: string): boolean => socket.write(`${line}\r\n`);
  const onCommand = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    const [, address = ''] = /<(.*)>/.exec(line) ?? [];
    if (verb === 'MAIL') envelope = { from: address, to: [] };
    if (verb === 'RCPT') envelope.to.push(address);
    isData = verb === 'DATA';
    if (verb === 'EHLO') send('250 smtp.test');
    else if (verb === 'RCPT') send(replies.onRecipient ?? '250 ok');
    else if (verb === 'DATA') send('354 go on');
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else send('250 ok');
  };
  const onMail = async (raw: string): Promise<void> => {
    const reply = (await replies.onMail?.()) ?? '250 taken';
    if (reply.startsWith('2')) mails.push({ ...envelope, raw: raw.replaceAll(/^\.\./gm, '.') });
    send(reply);
  };
  socket.setEncoding('utf8').on('data', (text: string) => {
    unread += text;
    for (;;) {
      const ending = isData ? '\r\n.\r\n' : '\r\n';
      const end = unread.indexOf(ending);
      if (end === -1) return;
      const message = unread.slice(0, end);
      unread = unread.slice(end + ending.length);
      if (isData) void onMail(`${message}\r\n`);
      else onCommand(message);
      if (ending !== '\r\n') isData = false;
    }
  });
  send('220 smtp.test');
}
