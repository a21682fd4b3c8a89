import type { ComponentChildren } from 'preact';

/** A whole-card message: nothing here yet, not found, signed out. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="card empty">
      <img src="/favicon.svg" alt="" width="52" height="52" />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function SignedOut() {
  return (
    <Empty title="Signed out">
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
    <Empty title="Nothing is here">
      <p class="muted">
        No page has the address <code>{path}</code>.
      </p>
      <p>
        <a href="/">All studies</a>
      </p>
    </Empty>
  );
}
