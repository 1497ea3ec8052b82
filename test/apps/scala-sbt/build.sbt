name := "main"
version := "1.0.0"
scalaVersion := "2.13.14"

enablePlugins(JavaAppPackaging)
