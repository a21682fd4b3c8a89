import { useEffect, useState } from 'preact/hooks';

function read<T extends string>(names: readonly T[]): Record<T, string> {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()])) as Record<
    T,
    string
  >;
}

/** Values of CSS variables, for what is drawn on a canvas; read anew when the theme changes. `names` must be a constant. */
export function useThemeColours<T extends string>(names: readonly T[]): Record<T, string> {
  const [colours, setColours] = useState(() => read(names));
  useEffect(() => {
    const observer = new MutationObserver(() => setColours(read(names)));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, [names]);
  return colours;
}
