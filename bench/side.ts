import type { Instant } from '../src/domain/time.js';

/** A case that runs and waits for its approval. */
export interface BenchCase {
  /** The workflow that runs it. */
  readonly workflowId: string;
  readonly caseNumber: string;
  /** Approves it; returns the moment just before the signal, or the request, was sent. */
  approve(): Promise<Instant>;
  /** Says that the child is found, and waits until the workflow has closed. */
  end(): Promise<void>;
}

/** What is compared: ours, or the bare one. */
export interface Side {
  /** Gets ready what this many cases are about, so that no time goes into it while they are measured. */
  prepare(count: number): Promise<void>;
  open(): Promise<BenchCase>;
}
