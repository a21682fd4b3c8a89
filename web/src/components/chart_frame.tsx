/** Shown in place of a chart whose code is still on its way, or is gone since the coordinator was updated. */
export function ChartFrame({ failed }: { failed: boolean }) {
  if (!failed) return <div class="skeleton tall" />;
  return (
    <p class="notice warning" role="alert">
      The chart could not be loaded, perhaps because the coordinator was updated. Reload the page to see it.
    </p>
  );
}
