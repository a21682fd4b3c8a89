/** Events and loaded resources → the next state. Pure: a batch of events copies each touched part once. */
import type { Job, LiveEvent } from '../api/types';
import { byId, mergeCurves, mergeLogs } from './merge';
import type { Action, State } from './state';

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connection':
      return state.connection === action.connection ? state : { ...state, connection: action.connection };
    case 'reload':
      return { ...state, generation: state.generation + 1 };
    case 'events':
      return reduceEvents(state, action.events);
    case 'again': {
      const { generation, jobChanges, pointChanges } = state;
      return { ...reduceEvents(state, action.events), generation, jobChanges, pointChanges };
    }
    case 'studies':
      return { ...state, studies: { ...state.studies, ...byId(action.items, (study) => study.id) } };
    case 'points':
      return {
        ...state,
        points: { ...state.points, [action.study]: byId(action.items, (p) => p.score_key) },
      };
    case 'jobs':
      return { ...state, jobs: { ...state.jobs, ...byId(action.items, (job) => job.key) } };
    case 'workers':
      return { ...state, workers: byId(action.items, (worker) => worker.id) };
    case 'logs': {
      const lines = mergeLogs(state.logs[action.key] ?? [], action.items);
      return { ...state, logs: { ...state.logs, [action.key]: lines } };
    }
    case 'curves':
      return { ...state, curves: { ...state.curves, [action.key]: action.series } };
  }
}

function reduceEvents(state: State, events: LiveEvent[]): State {
  const draft = new Draft(state);
  for (const event of events) applyEvent(draft, event);
  return draft.state;
}

/** A state in the making: `part` copies a part at its first change and not again within the batch. */
class Draft {
  state: State;
  private readonly copied = new Set<keyof State>();

  constructor(state: State) {
    this.state = { ...state };
  }

  part<K extends Exclude<keyof State, 'connection' | 'generation'>>(name: K): State[K] {
    if (!this.copied.has(name)) {
      this.copied.add(name);
      this.state[name] = { ...this.state[name] };
    }
    return this.state[name];
  }
}

function applyEvent(draft: Draft, event: LiveEvent): void {
  const { state } = draft;
  switch (event.type) {
    case 'study':
      draft.part('studies')[event.study.id] = event.study;
      break;
    case 'job':
      applyJob(draft, event.job);
      break;
    case 'jobs':
      count(draft.part('jobChanges'), event.study);
      break;
    case 'progress': {
      const job = state.jobs[event.key];
      if (job?.state === 'running') draft.part('jobs')[event.key] = { ...job, progress: event.progress };
      break;
    }
    case 'curve': {
      const known = state.curves[event.key];
      if (known) draft.part('curves')[event.key] = mergeCurves(known, event.points);
      break;
    }
    case 'log': {
      const known = state.logs[event.key];
      if (known) draft.part('logs')[event.key] = mergeLogs(known, event.lines);
      break;
    }
    case 'worker':
      draft.part('workers')[event.worker.id] = event.worker;
      break;
    case 'point': {
      const points = state.points[event.study];
      count(draft.part('pointChanges'), event.study);
      if (points) draft.part('points')[event.study] = { ...points, [event.point.score_key]: event.point };
      break;
    }
    case 'reset':
      draft.state.generation += 1;
      break;
    default:
      // An event of a newer coordinator: what it tells is not shown by this page.
      break;
  }
}

function applyJob(draft: Draft, job: Job): void {
  if (draft.state.jobs[job.key]) draft.part('jobs')[job.key] = job;
  else for (const study of job.studies) count(draft.part('jobChanges'), study);
}

function count(counts: Record<string, number>, id: string): void {
  counts[id] = (counts[id] ?? 0) + 1;
}
