/**
 * Server-sent events with resume. The browser's EventSource resends Last-Event-ID by itself while it reconnects; where it
 * gives up (an HTTP error), this client opens a new one with growing pauses. `onOpen` tells that events before this moment
 * may have been missed (at the start, or because a restarted coordinator has forgotten them), so that the owner loads its
 * resources anew.
 * Time and EventSource come in from outside, so that tests need neither.
 */

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'signed_out';

export interface EventSourceLike {
  readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface SseOptions {
  url: string;
  types: readonly string[];
  create: (url: string) => EventSourceLike;
  /** Whether the session is still signed in; asked only after a connection was refused. Rejects when offline. */
  signedIn: () => Promise<boolean>;
  onEvent: (type: string, data: unknown) => void;
  onConnection: (connection: Connection) => void;
  onOpen: () => void;
  schedule?: (task: () => void, milliseconds: number) => () => void;
}

const kClosed = 2;
const kFirstPause = 500;
const kLongestPause = 10_000;

function timer(task: () => void, milliseconds: number): () => void {
  const id = setTimeout(task, milliseconds);
  return () => clearTimeout(id);
}

/** Opens the stream; the returned function closes it for good. */
export function openEvents(options: SseOptions): () => void {
  const schedule = options.schedule ?? timer;
  let source: EventSourceLike | null = null;
  let cancelTimer: (() => void) | null = null;
  let pause = kFirstPause;
  let stopped = false;

  function connect(): void {
    source = options.create(options.url);
    source.onopen = handleOpen;
    source.onerror = handleError;
    for (const type of options.types) source.addEventListener(type, (event) => deliver(type, event.data));
  }

  function handleOpen(): void {
    pause = kFirstPause;
    options.onConnection('live');
    options.onOpen();
  }

  function handleError(): void {
    options.onConnection('reconnecting');
    if (source?.readyState !== kClosed) return;
    source.close();
    options.signedIn().then(handleRefusal, retry);
  }

  function handleRefusal(signedIn: boolean): void {
    if (stopped) return;
    if (signedIn) retry();
    else options.onConnection('signed_out');
  }

  function retry(): void {
    if (stopped) return;
    cancelTimer = schedule(connect, pause);
    pause = Math.min(kLongestPause, pause * 2);
  }

  function deliver(type: string, text: string): void {
    const data = parse(text);
    if (data !== undefined) options.onEvent(type, data);
  }

  options.onConnection('connecting');
  connect();
  return () => {
    stopped = true;
    cancelTimer?.();
    source?.close();
  };
}

/** A frame that is not JSON is dropped: the next load of the resource brings what it would have told. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
