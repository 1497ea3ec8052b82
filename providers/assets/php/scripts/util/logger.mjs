// A Logger writes lines for people, errors and warnings to the standard error stream.
export class Logger {
    constructor(name) {
        this.name = name;
    }

    info(message) {
        console.log(this.line('info', message));
    }

    warn(message) {
        console.warn(this.line('warning', message));
    }

    error(message) {
        console.error(this.line('error', message));
    }

    line(level, message) {
        return `[${this.name}] ${level}: ${message}`;
    }
}
