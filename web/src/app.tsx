import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ConnectionPill } from './components/connection_pill';
import { NotFound, SignedOut } from './components/empty';
import { TopBar } from './components/top_bar';
import { useRoute } from './hooks/use_route';
import { StoreContext, useStore } from './hooks/use_store';
import { JobPage } from './pages/job/job_page';
import { QueryPage } from './pages/query/query_page';
import { StudiesPage } from './pages/studies/studies_page';
import { StudyPage } from './pages/study/study_page';
import { WorkersPage } from './pages/workers/workers_page';
import type { Route } from './router';
import { createStore } from './store/store';

export function App() {
  const store = useMemo(() => createStore(), []);
  return (
    <StoreContext.Provider value={store}>
      <Frame />
    </StoreContext.Provider>
  );
}

function Frame() {
  const { route, path } = useRoute();
  const signedOut = useStore((state) => state.connection === 'signed_out');
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  // After a change of page the keyboard and screen reader begin at its top, as after a load.
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);

  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <TopBar route={route} />
      <main class="page" id="main" tabIndex={-1} ref={main}>
        {signedOut ? <SignedOut /> : <Page route={route} />}
      </main>
      <ConnectionPill />
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'studies':
      return <StudiesPage />;
    case 'study':
      return <StudyPage key={route.id} id={route.id} />;
    case 'job':
      return <JobPage key={route.key} jobKey={route.key} />;
    case 'workers':
      return <WorkersPage />;
    case 'query':
      return <QueryPage />;
    case 'not_found':
      return <NotFound path={route.path} />;
  }
}
