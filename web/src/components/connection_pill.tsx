import { useStore } from '../hooks/use_store';

/** Says that what is shown may be old. Silent while all is well. */
export function ConnectionPill() {
  const connection = useStore((state) => state.connection);
  return (
    <div role="status" aria-live="polite">
      {connection === 'reconnecting' && <p class="connection">Connection lost. Trying again …</p>}
    </div>
  );
}
