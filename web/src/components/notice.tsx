import type { JobError, Problem } from '../api/types';

/** A problem document: what is wrong first, then what to do. */
export function ProblemNotice({ problem, retry }: { problem: Problem; retry?: () => void }) {
  return (
    <div class="notice failure" role="alert">
      <strong>{problem.title}</strong>
      <p>{problem.detail}</p>
      {problem.fix && <p class="muted">{problem.fix}</p>}
      {retry && (
        <p>
          <button type="button" class="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

/** What happened, why, and what to do: where one looks first on the page of a failed job. */
export function JobErrorNotice({ error, title }: { error: JobError; title: string }) {
  const signal =
    error.signal === null || error.signal === undefined ? '' : `, ended by signal ${error.signal}`;
  return (
    <div class="notice failure" role="group" aria-label={title}>
      <dl>
        <dt>What</dt>
        <dd>
          {title}: <code>{error.code}</code>
          {signal}
        </dd>
        <dt>Why</dt>
        <dd>{error.message}</dd>
        {error.fix && (
          <>
            <dt>Fix</dt>
            <dd>{error.fix}</dd>
          </>
        )}
      </dl>
      {error.log_tail && error.log_tail.length > 0 && (
        <details>
          <summary>Last log lines of the attempt</summary>
          <pre class="log">{error.log_tail.join('\n')}</pre>
        </details>
      )}
    </div>
  );
}
