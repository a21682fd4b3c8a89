import { markerPath, seriesColour, seriesDash } from './markers';

/** The line and mark of a series, as the legend shows it. */
export function Swatch({ series }: { series: number }) {
  const colour = seriesColour(series);
  return (
    <svg viewBox="0 0 26 16" width="26" height="16" aria-hidden="true">
      <path d="M1 8H25" stroke={colour} stroke-width="2" stroke-dasharray={seriesDash(series)} />
      <path d={markerPath(series, 4.6)} transform="translate(13 8)" fill={colour} />
    </svg>
  );
}
