/** Facts that follow from what the coordinator told. Pure. */
import type { Job, JobCounts, Study } from '../api/types';

export const kSegments = ['succeeded', 'running', 'failed', 'cancelled', 'queued', 'blocked'] as const;
export type Segment = (typeof kSegments)[number];

export function segments(jobs: JobCounts): { state: Segment; count: number }[] {
  return kSegments.map((state) => ({ state, count: jobs[state] })).filter(({ count }) => count > 0);
}

export function isOver(state: string): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/**
 * Time that the stages still need, one after the other. `atLeast` when a stage has not begun and so has no rate yet;
 * null when nothing is known or nothing is left.
 */
export function studyEta(study: Study): { seconds: number; atLeast: boolean } | null {
  if (study.state !== 'running') return null;
  const open = study.stages.filter((stage) => stage.done + stage.failed < stage.total);
  const known = open.flatMap((stage) => (stage.eta_seconds === null ? [] : [stage.eta_seconds]));
  if (known.length === 0) return null;
  return { seconds: known.reduce((sum, eta) => sum + eta, 0), atLeast: known.length < open.length };
}

export function newestFirst(studies: Record<string, Study>): Study[] {
  return Object.values(studies).sort(
    (a, b) => b.created_at.localeCompare(a.created_at) || b.id.localeCompare(a.id),
  );
}

const kOrder = ['failed', 'running', 'queued', 'blocked', 'cancelled', 'succeeded'];

/** The coordinator's order of a page (failed first), kept while the page's jobs change state. */
export function failedFirst(jobs: Job[]): Job[] {
  return [...jobs].sort((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'));
}

export function stateRank(state: string): number {
  const rank = kOrder.indexOf(state);
  return rank < 0 ? kOrder.length : rank;
}

export function progressText(job: Pick<Job, 'progress'>): string {
  const progress = job.progress;
  if (!progress) return '';
  const count = progress.total > 0 ? `${progress.done}/${progress.total} ${progress.unit}` : progress.message;
  return count.trim();
}
