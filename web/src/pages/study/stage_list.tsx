import type { Stage, Study } from '../../api/types';
import { Bar } from '../../components/state_bar';
import { kindName } from '../../format/names';
import { formatCount, formatRate } from '../../format/numbers';
import { formatRoughly } from '../../format/times';

export function StageList({ study }: { study: Study }) {
  if (study.stages.length === 0) return null;
  return (
    <section class="card" aria-labelledby="stages-title">
      <div class="card-head">
        <h2 id="stages-title">Stages</h2>
      </div>
      <ul class="stages">
        {study.stages.map((stage) => (
          <StageItem key={stage.kind} stage={stage} />
        ))}
      </ul>
    </section>
  );
}

function StageItem({ stage }: { stage: Stage }) {
  const open = Math.max(0, stage.total - stage.done - stage.failed - stage.running);
  const text = stageText(stage);
  const parts = [
    { state: 'succeeded', count: stage.done },
    { state: 'running', count: stage.running },
    { state: 'failed', count: stage.failed },
    { state: 'blocked', count: open },
  ].filter((part) => part.count > 0);
  return (
    <li data-stage={stage.kind}>
      <div class="stage-line">
        <span>{kindName(stage.kind)}</span>
        <span class="nowrap">
          <strong>{formatCount(stage.done)}</strong>
          <span class="muted">/{formatCount(stage.total)}</span>
        </span>
      </div>
      <Bar parts={parts} done={stage.done} total={stage.total} label={kindName(stage.kind)} slim />
      {text && <span class="muted small">{text}</span>}
    </li>
  );
}

function stageText(stage: Stage): string {
  const parts: string[] = [];
  if (stage.failed > 0) parts.push(`${formatCount(stage.failed)} failed`);
  if (stage.done + stage.failed >= stage.total) return parts.join('');
  if (stage.running > 0) parts.push(`${formatCount(stage.running)} running`);
  if (stage.rate_per_second) parts.push(formatRate(stage.rate_per_second));
  if (stage.eta_seconds !== null) parts.push(`${formatRoughly(stage.eta_seconds)} left`);
  return parts.join(' · ') || 'waiting';
}
