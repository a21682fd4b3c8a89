import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Pager } from './pager';
import { compareValues, type SortValue } from './sorting';

export interface Column<Row> {
  name: string;
  /** Right-aligned. */
  numeric?: boolean;
  /** Null is sorted last in both directions. Without it the column cannot be sorted. */
  sort?: (row: Row) => SortValue;
  cell: (row: Row) => ComponentChildren;
}

interface Order {
  column: number;
  descending: boolean;
}

const kArrows = { ascending: '▴', descending: '▾', none: '↕' };

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Rows shown at once; the rest is behind the pager. */
  pageSize?: number;
}

/** A table that sorts by the buttons in its head and turns into small blocks on a phone. The first column heads the row. */
export function DataTable<Row>({ caption, columns, rows, rowKey, pageSize = 100 }: DataTableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(null);
  const sorter = order === null ? undefined : columns[order.column]?.sort;
  const sorted = sorter
    ? [...rows].sort((a, b) => compareValues(sorter(a), sorter(b), order?.descending ?? false))
    : rows;
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const current = Math.min(page, pages - 1);
  const shown = sorted.slice(current * pageSize, (current + 1) * pageSize);
  const toggle = (column: number) =>
    setOrder((old) => ({ column, descending: old?.column === column && !old.descending }));

  return (
    <>
      <div class="table-wrap" role="group" aria-label={caption} tabIndex={0}>
        <table class="cards">
          <caption class="visually-hidden">{caption}</caption>
          <TableHead columns={columns} order={order} onToggle={toggle} />
          <tbody>
            {shown.map((row) => (
              <TableRow key={rowKey(row)} row={row} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <Pager
          text={`Page ${current + 1} of ${pages}`}
          onPrevious={current > 0 ? () => setPage(current - 1) : null}
          onNext={current + 1 < pages ? () => setPage(current + 1) : null}
        />
      )}
    </>
  );
}

interface TableHeadProps<Row> {
  columns: Column<Row>[];
  order: Order | null;
  onToggle: (column: number) => void;
}

function TableHead<Row>({ columns, order, onToggle }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column, index) => {
          const active = order?.column === index;
          const direction = active ? (order.descending ? 'descending' : 'ascending') : 'none';
          return (
            <th
              key={column.name}
              scope="col"
              class={column.numeric ? 'number' : undefined}
              aria-sort={column.sort ? direction : undefined}
            >
              {column.sort ? (
                <button type="button" class="sort" onClick={() => onToggle(index)}>
                  {column.name} <span aria-hidden="true">{kArrows[direction]}</span>
                </button>
              ) : (
                column.name
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function TableRow<Row>({ row, columns }: { row: Row; columns: Column<Row>[] }) {
  return (
    <tr>
      {columns.map((column, index) => {
        const name = column.numeric ? 'number' : undefined;
        if (index === 0) {
          return (
            <th key={column.name} scope="row" class={name}>
              {column.cell(row)}
            </th>
          );
        }
        return (
          <td key={column.name} class={name} data-label={column.name}>
            {column.cell(row)}
          </td>
        );
      })}
    </tr>
  );
}
