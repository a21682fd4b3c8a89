import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface ConfirmProps {
  title: string;
  children: ComponentChildren;
  action: string;
  /** The safe answer. */
  keep?: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** A modal question. The browser's dialog keeps the focus inside and closes on Escape; the safe answer has the focus. */
export function Confirm({
  title,
  children,
  action,
  keep = 'Keep it',
  busy,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      {children}
      <div class="row">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {keep}
        </button>
        <button type="button" class="button danger" disabled={busy} onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
