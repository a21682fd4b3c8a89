/** Where the spans of a job's timeline stand on one axis of time. Pure. */
import type { Timeline } from '../../api/types';

export interface TimelineBar {
  phase: string;
  attempt: number | null;
  /** Share of the whole time, 0 to 1. */
  from: number;
  to: number;
  seconds: number;
  open: boolean;
  /** Where checkpoints stand, as shares of the whole time. */
  checkpoints: number[];
}

export interface TimelineModel {
  seconds: number;
  bars: TimelineBar[];
}

const ms = (time: string) => Date.parse(time);

export function timelineModel(timeline: Timeline, now: number): TimelineModel {
  const open = timeline.spans.some((span) => span.to === null);
  const begin = Math.min(...timeline.events.map((event) => ms(event.at)));
  const ends = [
    ...timeline.events.map((event) => event.at),
    ...timeline.spans.flatMap((span) => span.to ?? []),
  ];
  const end = Math.max(...ends.map(ms), open ? now : begin);
  const share = (time: number) =>
    end > begin ? Math.min(1, Math.max(0, (time - begin) / (end - begin))) : 0;
  const bars = timeline.spans.map((span) => {
    const from = ms(span.from);
    const to = span.to === null ? end : ms(span.to);
    const own = timeline.events.filter(
      (event) => event.event === 'checkpoint' && span.phase === 'running' && event.attempt === span.attempt,
    );
    return {
      phase: span.phase,
      attempt: span.attempt ?? null,
      from: share(from),
      to: share(to),
      seconds: Math.max(0, (to - from) / 1000),
      open: span.to === null,
      checkpoints: own.map((event) => share(ms(event.at))),
    };
  });
  return { seconds: Math.max(0, (end - begin) / 1000), bars };
}
