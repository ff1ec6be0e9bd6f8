import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isOutOfConnections } from './postgres-errors.ts';

/** The most connections that one service of one process has open at a time. */
export const MAX_CONNECTIONS = 10;

// 1.5 s in all, which is less than the 2 s that a call waits for a free connection of a full pool.
const PAUSES_MS = [100, 200, 400, 800];

/**
 * Returns a connection of the pool. When the server has no free connection, waits for one of the server or of the pool: a
 * service that has fewer connections than usual is slower, and fails only when it gets none in time.
 */
export async function acquireConnection(pool: Pool): Promise<PoolClient> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isOutOfConnections(error)) throw error;
      await pause(pauseMs);
    }
  }
  return await pool.connect();
}
