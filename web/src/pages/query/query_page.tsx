import { useState } from 'preact/hooks';
import { ApiError, post } from '../../api/client';
import type { Problem, QueryResult } from '../../api/types';
import { ProblemNotice } from '../../components/notice';
import { Select } from '../../components/select';
import { toCsv } from '../../format/csv';
import { formatCount } from '../../format/numbers';
import { useTitle } from '../../hooks/use_route';
import { useDispatch } from '../../hooks/use_store';
import { ResultTable } from './result_table';

const kMaxRows = 1000;
const kExamples = [
  { value: 'select * from fig_5 order by ratio, steps_per_scale', name: 'The figure’s rows' },
  { value: 'select * from results_long limit 100', name: 'Measurements, long form' },
  {
    value: 'select study, kind, state, count(*) as jobs from jobs_overview group by study, kind, state',
    name: 'Jobs by kind and state',
  },
  { value: "select name, sql from sqlite_schema where type in ('table', 'view')", name: 'Tables and views' },
];

function download(result: QueryResult): void {
  const url = URL.createObjectURL(new Blob([toCsv(result.columns, result.rows)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'checkerlab-query.csv';
  link.click();
  URL.revokeObjectURL(url);
}

/** Read-only SQL over the results database. */
export function QueryPage() {
  useTitle('SQL');
  const dispatch = useDispatch();
  const [sql, setSql] = useState(kExamples[0]?.value ?? '');
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<QueryResult | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setResult(await post('/api/v1/query', {}, { sql, max_rows: kMaxRows }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) dispatch({ type: 'connection', connection: 'signed_out' });
      setProblem(error.problem);
    } finally {
      setBusy(false);
    }
  };
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
  };

  return (
    <>
      <div class="page-head">
        <h1>SQL</h1>
      </div>
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label for="sql" class="muted small">
          Read-only query over the results database (SQLite). Ctrl+Enter runs it.
        </label>
        <textarea
          id="sql"
          class="sql"
          spellcheck={false}
          value={sql}
          onInput={(event) => setSql(event.currentTarget.value)}
          onKeyDown={handleKey}
        />
        <div class="row" style={{ justifyContent: 'space-between' }}>
          <Select
            label="Example"
            value={kExamples.some((example) => example.value === sql) ? sql : ''}
            onChange={(value) => value && setSql(value)}
            options={[{ value: '', name: 'your own' }, ...kExamples]}
          />
          <button type="submit" class="button primary" disabled={busy || sql.trim() === ''}>
            {busy ? 'Running …' : 'Run query'}
          </button>
        </div>
      </form>
      {problem && <ProblemNotice problem={problem} />}
      {result && (
        <section class="card" aria-labelledby="rows-title">
          <div class="card-head">
            <h2 id="rows-title">
              {formatCount(result.rows.length)} {result.rows.length === 1 ? 'row' : 'rows'}
            </h2>
            <button type="button" class="button" onClick={() => download(result)}>
              Download CSV
            </button>
          </div>
          {result.truncated && <p class="notice warning">Cut after {formatCount(kMaxRows)} rows.</p>}
          <ResultTable result={result} />
        </section>
      )}
    </>
  );
}
