import { spawn, type ChildProcess } from 'node:child_process'

/**
 * The list of held ids, kept by a shell of its own session. Its input ends when this process ends, in whatever way,
 * SIGKILL included (exit handlers would not do: jest gives its tests a copy of `process` that never emits 'exit').
 */
const SCRIPT = `held=
while read -r verb id; do
  rest=
  for each in $held; do [ "$each" = "$id" ] || rest="$rest $each"; done
  held=$rest
  [ "$verb" = hold ] && held="$held $id"
done
for each in $held; do kill -s KILL -- "$each" 2>/dev/null; done`

let reaper: ChildProcess | undefined
const held = new Set<number>()

/**
 * Has the child killed when this process ends before it. With `group`, all of its process group, which it must lead
 * (`detached: true`). Call right after `spawn`.
 */
export function killWithParent(child: ChildProcess, options: { group?: boolean } = {}): void {
  if (child.pid === undefined) return
  const id = options.group === true ? -child.pid : child.pid
  held.add(id)
  tell(`hold ${id}`)
  child.once('exit', () => {
    held.delete(id)
    tell(`drop ${id}`)
    if (held.size === 0) endReaper()
  })
}

/** Kills all children that are held. Whoever waits for one of them sees it end. */
export function killHeldChildren(): void {
  for (const id of held) process.kill(id, 'SIGKILL')
}

function tell(line: string): void {
  reaper ??= startReaper()
  reaper.stdin?.write(`${line}\n`)
}

function startReaper(): ChildProcess {
  const shell = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.stdin.on('error', () => undefined)
  shell.unref()
  return shell
}

function endReaper(): void {
  reaper?.stdin?.end()
  reaper = undefined
}
