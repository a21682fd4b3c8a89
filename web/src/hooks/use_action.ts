import { useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import type { Problem } from '../api/types';

/** Something that a button does: whether it is under way, what went wrong last, and a way to begin it. */
export interface Action {
  busy: boolean;
  problem: Problem | null;
  /** True when it was done. */
  run: (work: () => Promise<void>) => Promise<boolean>;
  forget: () => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.problem);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run, forget: () => setProblem(null) };
}
