import { useTheme, type Theme } from '../hooks/use_theme';
import { hrefs, type Route } from '../router';

const kLinks = [
  { href: hrefs.studies, name: 'Studies', pages: ['studies', 'study', 'job'] },
  { href: hrefs.workers, name: 'Workers', pages: ['workers'] },
  { href: hrefs.query, name: 'SQL', pages: ['query'] },
];

export function TopBar({ route }: { route: Route }) {
  return (
    <header class="topbar">
      <div class="topbar-inner">
        <a class="brand" href="/" aria-label="Checkerlab, all studies">
          <img src="/favicon.svg" alt="" width="27" height="27" />
          <span>Checkerlab</span>
        </a>
        <nav class="nav" aria-label="Pages">
          {kLinks.map((link) => (
            <a
              key={link.href}
              href={link.href}
              aria-current={link.pages.includes(route.page) ? 'page' : undefined}
            >
              {link.name}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
      </div>
    </header>
  );
}

const kNext: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const kGlyphs: Record<Theme, string> = { system: '◐', light: '☀', dark: '☾' };

function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  return (
    <button
      type="button"
      class="button quiet"
      title={`Theme: ${theme}`}
      aria-label={`Theme: ${theme}. Change to ${kNext[theme]}`}
      onClick={() => setTheme(kNext[theme])}
    >
      <span aria-hidden="true">{kGlyphs[theme]}</span>
    </button>
  );
}
