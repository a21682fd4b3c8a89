import { stateGlyph, stateName } from '../format/names';

export function StateBadge({ state }: { state: string }) {
  return (
    <span class="state" data-state={state}>
      <span class="state-glyph" aria-hidden="true">
        {stateGlyph(state)}
      </span>
      {stateName(state)}
    </span>
  );
}
