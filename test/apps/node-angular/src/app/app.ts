import { Component, signal } from '@angular/core';
import { RouterOutlet } from '@angular/router';

@Component({
  imports: [RouterOutlet],
  selector: 'app-root',
  template: '<p>High water is at {{ time() }}.</p><router-outlet />',
})
export class App {
  protected readonly time = signal('06:12');
}
