(ns app.core
  (:gen-class)
  (:import (com.sun.net.httpserver HttpHandler HttpServer)
           (java.net InetSocketAddress)))

(defn answer [path]
  (format "{\"app\":\"clojure\",\"path\":\"%s\",\"runtime\":\"%s\"}" path (clojure-version)))

(defn handler []
  (reify HttpHandler
    (handle [_ exchange]
      (let [body (.getBytes ^String (answer (.getPath (.getRequestURI exchange))) "UTF-8")]
        (.sendResponseHeaders exchange 200 (alength body))
        (with-open [out (.getResponseBody exchange)]
          (.write out body))))))

(defn -main [& _]
  (let [port (Integer/parseInt (or (System/getenv "PORT") "8080"))]
    (doto (HttpServer/create (InetSocketAddress. port) 0)
      (.createContext "/" (handler))
      (.start))))
