/** What the page knows. Plain immutable data; only the reducer makes new states. */
import type { Connection } from '../api/sse';
import type { Curves, Job, LiveEvent, LogLine, Point, Study, Worker } from '../api/types';

export interface State {
  connection: Connection;
  /** Grows whenever events may have been missed; resources loaded under a smaller number are loaded anew. */
  generation: number;
  studies: Record<string, Study>;
  /** study id → score key → point */
  points: Record<string, Record<string, Point>>;
  /** Grows with every event about a point of the study: the figure is to be loaded anew. */
  pointChanges: Record<string, number>;
  /** Jobs that a page has shown. Events about other jobs only count in `jobChanges`, so that a million jobs cost nothing. */
  jobs: Record<string, Job>;
  /** study id → events about its jobs that no page has shown, and about many of its jobs at once */
  jobChanges: Record<string, number>;
  workers: Record<string, Worker>;
  /** Only of jobs whose page was opened, ordered by `seq`, at most `kLogLines`. */
  logs: Record<string, LogLine[]>;
  curves: Record<string, Curves>;
}

export type Action =
  | { type: 'connection'; connection: Connection }
  | { type: 'reload' }
  | { type: 'events'; events: LiveEvent[] }
  /** Events that may have been reduced before: their documents stand, but nothing is counted a second time. */
  | { type: 'again'; events: LiveEvent[] }
  | { type: 'studies'; items: Study[] }
  | { type: 'points'; study: string; items: Point[] }
  | { type: 'jobs'; items: Job[] }
  | { type: 'workers'; items: Worker[] }
  | { type: 'logs'; key: string; items: LogLine[] }
  | { type: 'curves'; key: string; series: Curves };

export const kLogLines = 2000;

export const kInitialState: State = {
  connection: 'connecting',
  generation: 0,
  studies: {},
  points: {},
  pointChanges: {},
  jobs: {},
  jobChanges: {},
  workers: {},
  logs: {},
  curves: {},
};
