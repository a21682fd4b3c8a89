import { shortHash } from '../format/numbers';

/** The beginning of a hash; the whole of it as title and for copying by selection in the job's page. */
export function Hash({ value, length = 10 }: { value: string; length?: number }) {
  return (
    <code title={value} data-hash={value}>
      {shortHash(value, length)}
    </code>
  );
}
