import type { QueryResult } from '../../api/types';

export function ResultTable({ result }: { result: QueryResult }) {
  const numeric = result.columns.map((_, column) =>
    result.rows.some((row) => typeof row[column] === 'number'),
  );
  return (
    <div class="table-wrap" role="group" aria-label="Rows of the query" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {result.columns.map((name, column) => (
              <th key={column} scope="col" class={numeric[column] ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.map((row, index) => (
            <tr key={index}>
              {row.map((value, column) => (
                <td key={column} class={numeric[column] ? 'number' : 'cell-text'}>
                  {value === null ? <span class="muted">null</span> : String(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
