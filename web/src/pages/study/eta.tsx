import type { Study } from '../../api/types';
import { formatRoughly } from '../../format/times';
import { studyEta } from '../../store/derive';

export function Eta({ study }: { study: Study }) {
  if (study.state !== 'running') return null;
  const eta = studyEta(study);
  if (!eta) return <span>time left not known yet</span>;
  return (
    <span>
      {eta.atLeast ? 'at least' : 'about'} {formatRoughly(eta.seconds)} left
    </span>
  );
}
