import com.sun.net.httpserver.{HttpExchange, HttpServer}

import java.net.InetSocketAddress
import scala.util.Properties

/** Answers every request with what it runs on. */
object Main {
  def main(args: Array[String]): Unit = {
    val server = HttpServer.create(new InetSocketAddress(sys.env.getOrElse("PORT", "8080").toInt), 0)
    server.createContext("/", (exchange: HttpExchange) => {
      val body = s"""{"app":"scala-sbt","runtime":"${Properties.versionNumberString}"}""".getBytes("UTF-8")
      exchange.sendResponseHeaders(200, body.length.toLong)
      exchange.getResponseBody.write(body)
      exchange.close()
    })
    server.start()
  }
}
