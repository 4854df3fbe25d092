import { spawn } from 'node:child_process'
import { killWithParent } from '../contract/real/child-reaper'

/** For child-reaper's test: holds two processes, one by its group, prints their ids and lives on. */
const alone = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
killWithParent(alone)
const leader = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
killWithParent(leader, { group: true })
leader.stdout.once('data', (sleeper: Buffer) => console.log(`held ${alone.pid} ${leader.pid} ${sleeper.toString()}`))
