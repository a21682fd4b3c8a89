import type { JobDetail } from '../../api/types';
import { StateBadge } from '../../components/state_badge';
import { kindName } from '../../format/names';
import { hrefs } from '../../router';

export function InputsCard({ detail }: { detail: JobDetail }) {
  return (
    <section class="card" aria-labelledby="inputs-title">
      <div class="card-head">
        <h2 id="inputs-title">Inputs</h2>
      </div>
      {detail.inputs.length === 0 && <p class="muted">It needs no other job.</p>}
      <ul class="plain stack">
        {detail.inputs.map((input) => (
          <li key={input.role} class="row">
            <a href={hrefs.job(input.key)}>{input.role}</a>
            <span class="muted small">{kindName(input.kind)}</span>
            <StateBadge state={input.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}
