import { Injectable } from '@nestjs/common';

@Injectable()
export class AppService {
  tides() {
    return { high: '06:12' };
  }
}
