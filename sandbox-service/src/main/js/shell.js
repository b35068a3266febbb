import {host, runTimers} from './surroundings.js';
import {Bash, getCommandNames} from 'just-bash/browser';
import {Files} from './files.js';

/** just-bash's own that do not work here: they need Node's compression, WebAssembly or a network. */
const NOT_OFFERED = ['gunzip', 'gzip', 'html-to-markdown', 'sqlite3', 'tar', 'xan', 'yq', 'zcat'];

/** What a model reaches for and does not find: better named than just not found. */
const MISSED = new Set([...NOT_OFFERED, ...`ant apt apt-get bg brew bun bzip2 c++ cargo cc clang cmake composer conda crontab
  curl deno dig disown dnf docker dotnet ed emacs fg g++ gawk gcc gdb gem gh git go gradle ifconfig ip java javac jobs js-exec
  kill killall kubectl lsof lua make man mvn mysql nano nc ninja node nohup npm npx nslookup openssl patch perl php ping pip
  pip3 pipx pkill pnpm podman poetry ps psql pytest python python2 python3 rsync ruby rustc scp screen service ssh ssh-keygen
  strace su sudo swift systemctl telnet tmux top trap tsc ulimit umask uname unzip uv vi vim wget xz yarn yes zip zsh zstd`
  .split(/\s+/)]);

globalThis.handloomAbsent = (name) => MISSED.has(name)
  ? `${name}: not in the embedded sandbox (handloom.hands.provider=jvm); install Docker or bubblewrap for a full one\n`
  : `bash: ${name}: command not found\n`;

/** What a shell has between calls: neither inside a function or loop nor bound to one call's input and signal. */
const AT_REST = {
  callDepth: 0, sourceDepth: 0, loopDepth: 0, commandCount: 0, currentLine: 1, inCondition: false, localScopes: [],
  localArrayScopes: undefined, localVarDepth: undefined, localVarStack: undefined, fullyUnsetLocals: undefined,
  tempEnvBindings: undefined, tempExportedVars: undefined, callLineStack: undefined, funcNameStack: undefined,
  sourceStack: undefined, currentSource: undefined, groupStdin: undefined, groupStdinSourceFd: undefined,
  expansionExitCode: undefined, expansionStderr: undefined, suppressVerbose: undefined, signal: undefined,
  extraArgs: undefined,
};

/** Bytes that mean text are left undecoded by some of just-bash's commands. */
function decoded(text) {
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Uint8Array.from(text, (byte) => byte.charCodeAt(0)));
  } catch {
    return text;
  }
}

/**
 * just-bash begins each call as a new shell; this one goes on where the call before it ended. Shells within a call, as of
 * `sh script`, begin with what is exported to them only.
 */
class PersistentBash extends Bash {
  #fresh = this.state;
  #carried = this.state;
  #interpreter;
  #statements;

  /** Called by the changed just-bash instead of executing a script: the first of a call is the call's own. */
  conduct(interpreter, script) {
    if (this.#interpreter === undefined) {
      this.#interpreter = interpreter;
      this.state = this.#fresh;
      const execute = interpreter.executeStatement.bind(interpreter);
      interpreter.executeStatement = async (statement) => {
        const result = await execute(statement);
        this.#statements.push(result);
        return result;
      };
    }
    return interpreter.executeScript(script);
  }

  /** @return output, both streams in the order of the statements that wrote them, and exit */
  async call(command, signal) {
    this.#interpreter = undefined;
    this.#statements = [];
    this.state = this.#carried;
    const result = await this.exec(command, {rawScript: true, signal});
    if (this.#interpreter !== undefined) {
      const left = this.#interpreter.ctx.state;
      // A shell that `set -e` ended would have been followed by one without it.
      const options = result.exitCode === 0 ? left.options : {...left.options, errexit: false};
      this.#carried = {...left, ...AT_REST, options};
    }
    return {output: this.#output(result, signal.aborted), exit: result.exitCode};
  }

  #output({stdout, stderr}, aborted) {
    const told = (stream) => this.#statements.map((statement) => decoded(statement[stream])).join('');
    const [out, err] = [told('stdout'), told('stderr')];
    if (!aborted && !(stdout.startsWith(out) && stderr.startsWith(err))) return stdout + stderr;
    // What the last statement wrote before it ended the call is in the result only; if it was ended, nothing else is.
    return this.#statements.map((statement) => decoded(statement.stdout) + decoded(statement.stderr)).join('')
      + (aborted ? stdout + stderr : stdout.slice(out.length) + stderr.slice(err.length));
  }

  get cwd() { return this.#carried.cwd; }
}

/** Its `aborted` is the host's word, so that it can be said while this script is busy. */
class CallSignal extends AbortSignal {
  get aborted() { return super.aborted || host.stopped(); }
}

/** Said by just-bash of its settings or of our stop sign; the host says it better. */
const ASIDES = /, increase executionLimits\.\w+|bash: execution aborted\n/g;

let bash;
let controller;
let outcome = null;

const end = ({output, exit}) => {
  outcome = {output: output.replace(ASIDES, ''), exit, cwd: bash.cwd};
};

/** What the host calls. Between its calls it asks for the outcome, which comes when the promises have been kept. */
globalThis.shell = {
  open(cwd, env, limits) {
    bash = new PersistentBash({
      fs: new Files(),
      cwd,
      env: JSON.parse(env),
      commands: getCommandNames().filter((name) => !NOT_OFFERED.includes(name)),
      executionLimitProfile: 'hardened',
      executionLimits: {...JSON.parse(limits), maxExecutionTimeMs: Infinity},
      defenseInDepth: false, // Guards Node's globals, none of which is here.
    });
  },
  start(command) {
    outcome = null;
    controller = new AbortController();
    controller.signal = new CallSignal();
    bash.call(command, controller.signal)
      .then(end, (failed) => end({output: `bash: ${failed?.message ?? failed}\n`, exit: 1}));
  },
  outcome: () => outcome,
  stop: () => controller.abort(),
  runTimers,
};
