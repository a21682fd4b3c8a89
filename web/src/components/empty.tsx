import type { ComponentChildren } from 'preact';

/** A whole-card message: nothing here yet, not found, signed out. */
interface EmptyProps {
  title: string;
  /** h1 where the message is the whole page. */
  heading?: 'h1' | 'h2';
  children: ComponentChildren;
}

export function Empty({ title, heading: Heading = 'h2', children }: EmptyProps) {
  return (
    <div class="card empty">
      <img src="/favicon.svg" alt="" width="52" height="52" />
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

export function SignedOut() {
  return (
    <Empty title="Signed out" heading="h1">
      <p class="muted">
        This page shows a coordinator’s studies to those who hold its token. Run this beside it:
      </p>
      <code class="command">checkerlab web</code>
      <p class="muted">It prints a link that signs this browser in, once.</p>
    </Empty>
  );
}

export function NotFound({ path }: { path: string }) {
  return (
    <Empty title="Nothing is here" heading="h1">
      <p class="muted">
        No page has the address <code>{path}</code>.
      </p>
      <p>
        <a href="/">All studies</a>
      </p>
    </Empty>
  );
}
