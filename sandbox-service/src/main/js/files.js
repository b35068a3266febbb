import {bytesOf, host} from './surroundings.js';

/** Asks the host; what it refuses becomes the Error, an errno's name first, that just-bash looks for. */
function ask(door, ...question) {
  try {
    return host[door](...question);
  } catch (refused) {
    throw new Error(refused.message);
  }
}

const isText = (options) => {
  const encoding = (typeof options === 'string' ? options : options?.encoding) ?? 'utf8';
  if (!['utf8', 'utf-8', 'binary', 'latin1', 'ascii'].includes(encoding)) {
    throw new Error(`EINVAL: files are read and written as utf8 or binary, not as ${encoding}`);
  }
  return encoding.startsWith('utf');
};

const facts = (line) => {
  const [type, mode, size, mtime, identity] = line.split(' ');
  return {
    isFile: type === 'f', isDirectory: type === 'd', isSymbolicLink: type === 'l',
    mode: Number(mode), size: Number(size), mtime: new Date(Number(mtime)), identity,
  };
};

/** just-bash's view of the hand's files. They are kept by the host, so that they outlive this script and have limits. */
export class Files {
  async readFile(path, options) { return ask('text', path, isText(options)); }
  async readFileBytes(path) { return ask('text', path, false); }
  async readFileBuffer(path) { return new Uint8Array(new ArrayBuffer(ask('bytes', path))); }
  async writeFile(path, content, options) { this.#put(path, content, options, false); }
  async appendFile(path, content, options) { this.#put(path, content, options, true); }
  #put(path, content, options, append) {
    if (typeof content === 'string') ask('putText', path, content, isText(options), append);
    else ask('putBytes', path, ...bytesOf(content), append);
  }
  async exists(path) { return host.exists(path); }
  async stat(path) { return facts(ask('stat', path, true)); }
  async lstat(path) { return facts(ask('stat', path, false)); }
  async mkdir(path, options) { this.mkdirSync(path, options); }
  async readdir(path) { return (await this.readdirWithFileTypes(path)).map(({name}) => name); }
  async readdirWithFileTypes(path) {
    const lines = ask('list', path);
    return lines === '' ? [] : lines.split('\0').map((line) => ({
      name: line.slice(1), isFile: line[0] === 'f', isDirectory: line[0] === 'd', isSymbolicLink: line[0] === 'l',
    }));
  }
  async rm(path, options) { ask('rm', path, options?.recursive ?? false, options?.force ?? false); }
  async cp(from, to, options) { ask('cp', from, to, options?.recursive ?? false); }
  async mv(from, to) { ask('mv', from, to); }
  async chmod(path, mode) { ask('chmod', path, mode); }
  async symlink(target, path) { ask('symlink', target, path); }
  async link(existing, path) { ask('link', existing, path); }
  async readlink(path) { return ask('readlink', path); }
  async realpath(path) { return ask('realpath', path); }
  async utimes(path, _, mtime) { ask('utimes', path, mtime.getTime()); }
  resolvePath(base, path) { return ask('resolve', base, path); }
  getAllPaths() { return host.all().split('\0'); }

  // By these two just-bash lays out /bin, /dev and /proc when it starts; what is there already stays.
  mkdirSync(path, options) { ask('mkdir', path, options?.recursive ?? false); }
  writeFileSync(path, content) { if (!host.exists(path)) this.#put(path, content, 'utf8', false); }
}
